-- What share of the people chose what. A choice of several has a row each.
SELECT
    choice,
    count(DISTINCT response_id) AS people,
    100.0 * count(DISTINCT response_id) / sum(count(DISTINCT response_id)) OVER () AS percent_of_ticks
FROM answers
WHERE survey = {{survey}}
    AND question = {{question}}
    AND choice IS NOT NULL
    AND standing = 'counted'
    AND NOT is_hidden
GROUP BY choice
ORDER BY people DESC, choice
