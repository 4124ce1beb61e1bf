module kith

go 1.26.0
