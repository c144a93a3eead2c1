-- The newest order of each customer in the file says where they live; guests have no number.
SELECT customer_id, country, ordered_at AS last_order_at, invoice AS last_invoice
FROM order_lines
WHERE customer_id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at DESC, invoice DESC, country) = 1
