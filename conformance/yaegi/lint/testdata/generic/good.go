package sample

type ring[T any] struct{ items []T }

func push[T any](r *ring[T], v T) { r.items = append(r.items, v) }
