package sample

import "encoding/json"

type row struct {
	Name  string
	count int
}

func decode(b []byte) (rows []row, err error) {
	err = json.Unmarshal(b, &rows) // want
	return rows, err
}
