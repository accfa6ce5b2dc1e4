package sample

func scan(kind int, b []byte) int {
	switch kind {
	case 1:
	loop: // want
		for i := 0; i < len(b); i++ {
			for b[i] == ' ' {
				break loop
			}
		}
	}
	if kind == 0 {
		goto end // want
	}
end:
	return kind
}
