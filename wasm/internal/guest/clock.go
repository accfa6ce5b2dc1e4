package guest

import "strconv"

// appendTime appends a wall clock in nanoseconds since 1970 as RFC 3339 in UTC
// with milliseconds. The date is found as in H. Hinnant's "chrono-compatible
// low-level date algorithms": years begin in March, 400 of them are an era.
func appendTime(dst []byte, nanos uint64) []byte {
	millis := nanos / 1e6
	days := millis/86400000 + 719468 // since 1 March of year 0
	era := days / 146097
	day := days % 146097
	year := (day - day/1460 + day/36524 - day/146096) / 365
	day -= 365*year + year/4 - year/100
	month := (5*day + 2) / 153
	day -= (153*month+2)/5 - 1
	year += 400 * era
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	ms := millis % 86400000
	dst = append(pad(dst, year, 4), '-')
	dst = append(pad(dst, month, 2), '-')
	dst = append(pad(dst, day, 2), 'T')
	dst = append(pad(dst, ms/3600000, 2), ':')
	dst = append(pad(dst, ms/60000%60, 2), ':')
	dst = append(pad(dst, ms/1000%60, 2), '.')
	return append(pad(dst, ms%1000, 3), 'Z')
}

// pad appends n with leading zeros to a width.
func pad(dst []byte, n uint64, width int) []byte {
	var digits [20]byte
	text := strconv.AppendUint(digits[:0], n, 10)
	for i := len(text); i < width; i++ {
		dst = append(dst, '0')
	}
	return append(dst, text...)
}
