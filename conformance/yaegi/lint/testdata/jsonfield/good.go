package sample

import "encoding/json"

type row struct {
	Name  string
	Count int
}

func decode(b []byte) (rows []row, err error) {
	err = json.Unmarshal(b, &rows)
	return rows, err
}
