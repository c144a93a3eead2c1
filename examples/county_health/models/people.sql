-- Population, and the air the people breathe. The AQI file knows no codes, only names, and the
-- population file has both; so it is the crosswalk: "Juneau City and Borough, Alaska" is
-- Juneau in Alaska. "city" stays, or Richmond city and Richmond County would be one.
SELECT
  p.state || p.county AS county_fips,
  p."B01003_001E" AS population,
  2015 AS population_year,
  a."Days with AQI" AS aqi_days_2021,
  a."Good Days" AS aqi_good_days_2021,
  a."Unhealthy for Sensitive Groups Days" + a."Unhealthy Days" + a."Very Unhealthy Days"
    + a."Hazardous Days" AS aqi_unhealthy_days_2021,
  a."Median AQI" AS aqi_median_2021
FROM population AS p
LEFT JOIN aqi AS a
  ON a."State" = split_part(p."NAME", ', ', 2)
  AND lower(a."County") = lower(regexp_replace(
    split_part(p."NAME", ', ', 1),
    ' (County|Parish|City and Borough|Borough|Census Area|Municipality|Municipio)$', ''))
  AND a."Year" = 2021
