// Package sample has no build constraint above its package clause.
package sample

func fast() bool { return true }
