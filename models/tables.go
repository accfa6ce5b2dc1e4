package models

// Tables returns the tables (FORMAT.md) of a model file, an archive or raw
// tables, in a form that core/model loads: for programs that cannot unpack one.
// The same is checked as in Open.
func Tables(data []byte) ([]byte, error) {
	a, err := read(data)
	if err != nil {
		return nil, err
	}
	return a.files[TablesName], nil
}
