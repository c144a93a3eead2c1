SELECT p.date, p.symbol, p.open, p.high, p.low, p.close, p.volume,
       r.close AS reference_close
FROM prices AS p
LEFT JOIN reference AS r ON r.date = p.date AND r.symbol = p.symbol
