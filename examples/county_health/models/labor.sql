-- The labour force as the BLS counts it; the code comes in two parts.
SELECT
  state_fips || county_code AS county_fips,
  labor_force AS labor_force_2015,
  employed AS employed_2015,
  unemployed AS unemployed_2015,
  unemployment_rate AS unemployment_rate_2015
FROM laus
WHERE year = 2015
