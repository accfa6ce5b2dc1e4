package sample

type pair[A, B any] struct { // want
	a A
	b B
}

func both[K comparable, V any](k K, v V) pair[K, V] { // want
	return pair[K, V]{a: k, b: v}
}
