-- What people wrote, newest first, with the score that they gave beside it.
SELECT
    comments.answered_at,
    comments.touchpoint,
    comments.text,
    answers.rating
FROM comments
LEFT JOIN answers
    ON answers.response_id = comments.response_id
    AND answers.question = {{question}}
    AND answers.part = ''
WHERE comments.survey = {{survey}}
    AND comments.standing = 'counted'
ORDER BY comments.answered_at DESC
LIMIT 100
