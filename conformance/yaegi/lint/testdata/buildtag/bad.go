//go:build !slow // want

package sample

func fast() bool { return true }
