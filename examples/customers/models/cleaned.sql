-- One readable row of each exported one: trimmed, one letter case, digits only, split, filled, cast.
WITH split AS (
  SELECT
    CAST(regexp_replace("Customer No", '[^0-9]', '', 'g') AS BIGINT) AS customer_id,
    string_split_regex(trim("Full Name"), ' +') AS words,
    lower(trim("E-Mail")) AS email,
    regexp_replace("Phone", '[^0-9]', '', 'g') AS digits,
    regexp_replace(trim(coalesce("City", '')), ' +', ' ', 'g') AS city,
    upper(trim(coalesce("Segment", ''))) AS segment,
    "Credit Limit" AS credit,
    "Signed Up" AS signed,
    "Updated" AS updated_at
  FROM exports
)
SELECT
  customer_id,
  upper(words[1][1]) || lower(words[1][2:]) AS first_name,
  upper(words[2][1]) || lower(words[2][2:]) AS last_name,
  email,
  CASE WHEN length(digits) >= 10 THEN right(digits, 10) END AS phone,
  CASE WHEN city = '' THEN 'Unknown' ELSE array_to_string(
    list_transform(string_split(city, ' '), lambda w: upper(w[1]) || lower(w[2:])), ' ') END AS city,
  CASE WHEN segment = '' THEN 'RETAIL' ELSE segment END AS segment,
  coalesce(CAST(replace(credit, ',', '') AS DECIMAL(12,2)), 0) AS credit_limit,
  CAST(try_strptime(signed, '%d/%m/%Y') AS DATE) AS signed_up,
  updated_at
FROM split
