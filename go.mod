module github.com/glacis-waf/glacis

go 1.26
