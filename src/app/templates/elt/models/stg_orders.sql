SELECT
  CAST(order_id AS bigint) AS order_id,
  upper(trim(customer)) AS customer,
  TRY_CAST(ordered_on AS date) AS ordered_on,
  product,
  CAST(quantity AS int) AS quantity,
  CAST(unit_price AS decimal(10, 2)) AS unit_price
FROM raw_orders
