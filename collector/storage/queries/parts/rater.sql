-- Who gave a score, in one word: all people are one, a scorer is its author.
multiIf(scores.source IN ('human', 'user'), 'people', scores.author != '', toString(scores.author), toString(scores.source))
