SELECT '{{ params.n }}', {{params.text}} -- {{ run.day }}
FROM "a{{ x }}" WHERE d = {{ run.day }} /* {{ n */