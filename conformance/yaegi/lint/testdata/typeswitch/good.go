package sample

func text(x any) string {
	if err, ok := x.(error); ok {
		return err.Error()
	}
	switch x := x.(type) {
	case string:
		return x
	}
	return ""
}
