// Package match ranks places for a project: a requirement's hard limits leave some out, with what each lacks, and its
// soft criteria rank the rest, with each criterion's part in the score.
//
// A [Table] holds the places by column, one [Criterion] a column, in the criterion's own unit; NaN is a value nobody
// knows. [Rank] screens, normalises, scores and orders them; [Robust] says in what share of all weights each of the
// best would win, and [Moves] what the smallest change is that makes a losing place win.
//
// The ways of scoring are a weighted sum, TOPSIS (Hwang and Yoon 1981, as compared by Opricovic and Tzeng 2004) and the
// Pareto front; weights may come from pairwise judgements by AHP (Saaty 1980). Normalisation changes the winner, so
// every answer names the one it used.
package match
