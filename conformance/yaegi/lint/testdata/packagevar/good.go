package sample

import (
	"encoding/base64"
	"errors"
	"strings"
)

const list = "a b"

type pair struct{ list int }

var (
	errBad = errors.New("bad")
	names  = strings.Split(list, " ")
	wide   = pair{list: 1}
	coder  = base64.StdEncoding
	table  [256]uint8
	later  = func() int { return int(table[0]) }
)

func init() { table[1] = uint8(len(names)) }
