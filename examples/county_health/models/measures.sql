-- PLACES, made wide: one row per county from one row per county, measure and value type.
-- AK and AL lost the leading zero of the code (2195 for 02195): lpad puts it back.
-- Age-adjusted prevalence, so that old and young counties can be compared.
-- Whatever differs within a county makes a second row, which `unique: [county_fips]` then shows.
SELECT
  lpad("LocationID", 5, '0') AS county_fips,
  "StateAbbr" AS state,
  "LocationName" AS county_name,
  "TotalPopulation" AS population_2021,
  "Year" AS health_year,
  max("Data_Value") FILTER (WHERE "MeasureId" = 'DIABETES') AS diabetes,
  max("Data_Value") FILTER (WHERE "MeasureId" = 'OBESITY') AS obesity,
  max("Data_Value") FILTER (WHERE "MeasureId" = 'BPHIGH') AS bphigh,
  max("Data_Value") FILTER (WHERE "MeasureId" = 'CHD') AS chd,
  max("Data_Value") FILTER (WHERE "MeasureId" = 'STROKE') AS stroke,
  max("Data_Value") FILTER (WHERE "MeasureId" = 'CASTHMA') AS casthma,
  max("Data_Value") FILTER (WHERE "MeasureId" = 'DEPRESSION') AS depression
FROM places
WHERE "DataValueTypeID" = 'AgeAdjPrv'
  AND "MeasureId" IN ('DIABETES', 'OBESITY', 'BPHIGH', 'CHD', 'STROKE', 'CASTHMA', 'DEPRESSION')
GROUP BY county_fips, state, county_name, population_2021, health_year
