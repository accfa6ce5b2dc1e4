package sample

func text(x any) string {
	switch x := x.(type) {
	case error: // want
		return x.Error()
	}
	return ""
}
