-- Both USDA files carry the whole country and the states too (codes that end in 000); the join
-- with the counties leaves those out. Incomes are text with dollars in them: "$59,338".
SELECT
  coalesce(u."FIPS", p."FIPStxt") AS county_fips,
  2018 AS economy_year,
  p."PCTPOVALL_2018" AS poverty_rate,
  CAST(replace(replace(u."Median_Household_Income_2018", '$', ''), ',', '') AS BIGINT)
    AS median_income,
  u."Unemployment_rate_2018" AS unemployment_rate,
  u."Civilian_labor_force_2007" AS labor_force_2007
FROM unemployment AS u
FULL JOIN poverty AS p ON p."FIPStxt" = u."FIPS"
