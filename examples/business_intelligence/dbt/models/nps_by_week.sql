with counts as (
    select
        survey,
        question,
        cast(date_trunc('week', cast(day as date)) as date) as week,
        count(*) as answers,
        count(*) filter (where rating >= 9) as promoters,
        count(*) filter (where rating <= 6) as detractors
    from {{ ref('counted_ratings') }}
    where question = '{{ var("nps_question", "recommend") }}'
    group by 1, 2, 3
),

-- Adjusted Wald (Rocks 2016), as Harken itself: three answers are added, 3/4 to each end.
adjusted as (
    select
        *,
        answers + 3.0 as size,
        (promoters + 0.75) / (answers + 3.0) as share_up,
        (detractors + 0.75) / (answers + 3.0) as share_down
    from counts
),

ends as (
    select
        *,
        share_up - share_down as centre,
        1.959964 * sqrt((share_up + share_down - power(share_up - share_down, 2)) / size) as half,
        (promoters - detractors) / cast(answers as double precision) as raw
    from adjusted
)

select
    survey,
    question,
    week,
    answers,
    100.0 * raw as nps,
    greatest(-100, 100 * least(centre - half, raw)) as nps_low,
    least(100, 100 * greatest(centre + half, raw)) as nps_high
from ends
