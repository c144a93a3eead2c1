-- The newest row of each customer in one export.
SELECT * FROM cleaned
QUALIFY row_number() OVER (
  PARTITION BY customer_id ORDER BY updated_at DESC, email, city, segment, credit_limit) = 1
