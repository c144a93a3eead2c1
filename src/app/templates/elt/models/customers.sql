SELECT
  customer,
  count(*) AS orders,
  sum(quantity * unit_price) AS amount,
  max(ordered_on) AS last_order
FROM stg_orders
GROUP BY customer
ORDER BY customer
