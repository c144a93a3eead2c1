-- One row per county of PLACES. Left joins, so that a county that another file does not know
-- stays in sight: it arrives without population and the checks set it aside.
SELECT
  m.county_fips,
  m.state,
  m.county_name,
  p.population,
  p.population_year,
  m.population_2021,
  e.poverty_rate,
  e.median_income,
  e.unemployment_rate,
  e.economy_year,
  e.labor_force_2007,
  l.labor_force_2015,
  l.employed_2015,
  l.unemployed_2015,
  l.unemployment_rate_2015,
  p.aqi_days_2021,
  p.aqi_good_days_2021,
  p.aqi_unhealthy_days_2021,
  p.aqi_median_2021,
  m.diabetes,
  m.obesity,
  m.bphigh,
  m.chd,
  m.stroke,
  m.casthma,
  m.depression,
  m.health_year
FROM measures AS m
LEFT JOIN people AS p ON p.county_fips = m.county_fips
LEFT JOIN economy AS e ON e.county_fips = m.county_fips
LEFT JOIN labor AS l ON l.county_fips = m.county_fips
