-- Net Promoter Score by day. Metabase: variables {{survey}}; Superset: the same in Jinja.
SELECT
    day,
    count(*) AS answers,
    100.0 * (count(*) FILTER (WHERE rating >= 9) - count(*) FILTER (WHERE rating <= 6)) / count(*) AS nps
FROM responses_flat
JOIN answers USING (response_id)
WHERE answers.survey = {{survey}}
    AND question = {{question}}
    AND rating IS NOT NULL
    AND answers.standing = 'counted'
    AND NOT is_hidden
    AND NOT is_sample
GROUP BY day
ORDER BY day
