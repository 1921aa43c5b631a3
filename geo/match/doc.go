// Package match ranks places for a project. A requirement's hard limits exclude places, with the limits each misses.
// Its soft criteria rank the rest, with each criterion's part in the score.
//
// A [Table] holds the places by column, one [Criterion] a column, in the criterion's own unit; NaN is an unknown
// value. [Rank] screens, normalises, scores and orders them. [Robust] gives the share of all weightings in which each
// of the best wins. [Moves] gives the smallest change that makes a losing place win.
//
// The ways of scoring are a weighted sum, TOPSIS (Hwang and Yoon 1981, as compared by Opricovic and Tzeng 2004) and the
// Pareto front; weights may come from pairwise judgements by AHP (Saaty 1980). Normalisation changes the winner, so
// every answer names the one it used.
package match
