package sample

import "encoding/json"

type row struct {
	Name  string
	Count int
}

func decode(b []byte) ([]row, error) {
	var rows []row
	err := json.Unmarshal(b, &rows)
	return rows, err
}
