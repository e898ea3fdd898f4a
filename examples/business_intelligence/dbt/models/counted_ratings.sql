select
    answers.survey,
    answers.question,
    answers.rating,
    answers.touchpoint,
    answers.channel,
    responses.day,
    coalesce(cast(responses.context as json) ->> 'store', '') as store
from {{ source('harken', 'answers') }} as answers
inner join {{ source('harken', 'responses_flat') }} as responses using (response_id)
where answers.workspace = '{{ var("workspace") }}'
    and answers.standing = 'counted'
    and not answers.is_hidden
    and answers.rating is not null
    and answers.part = ''
    and not responses.is_sample
