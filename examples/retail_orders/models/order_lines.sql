SELECT
  InvoiceNo AS invoice,
  starts_with(InvoiceNo, 'C') AS is_cancelled,
  StockCode AS stock_code,
  trim(Description) AS description,
  Quantity AS quantity,
  UnitPrice AS unit_price,
  CAST(Quantity * UnitPrice AS DECIMAL(18,3)) AS amount,
  InvoiceDate AS ordered_at,
  CAST(split_part(CustomerID, '.', 1) AS BIGINT) AS customer_id,
  Country AS country
FROM lines
