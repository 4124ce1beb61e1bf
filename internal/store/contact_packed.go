package store

import (
	"strconv"
	"strings"

	"kith/internal/domain/contact"
)

// separator stands between packed columns. Hardly any text has it in it.
const separator = "\x1f"

// packedColumns is an expression that holds what targets takes, but the uid, as
// one text: numbers first.
func packedColumns(include contact.Include) string {
	columns := `c.number, c.birthday, c.anniversary, c.permission, c.confirm_status, c.opt_in_source, c.opt_in_at, c.opt_out_source,
		c.opt_out_at, c.create_source, c.update_source, c.email_created_at, c.email_updated_at, c.created_at, c.updated_at, c.deleted_at,
		COALESCE(c.email, ''), c.first_name, c.last_name, c.job_title, c.company_name, c.opt_out_reason`
	if inRow(include) {
		columns += ", c.phones, c.addresses"
	}
	return "concat_ws('" + separator + "', " + columns + ")"
}

// unpack fills r, but its uid, with what packedColumns made. It reports false
// where a text has the separator in it.
func (r *contactRow) unpack(text string, include contact.Include) bool {
	numbers := [...]*int64{
		&r.number, &r.birthday, &r.anniversary, &r.permission, &r.confirm, &r.optInSource, &r.optIn, &r.optOutSource,
		&r.optOut, &r.createSource, &r.updateSource, &r.emailCreated, &r.emailUpdated, &r.created, &r.updated, &r.deleted,
	}
	texts := [...]*string{&r.email, &r.first, &r.last, &r.job, &r.company, &r.reason, &r.phones, &r.addresses}
	n := len(texts)
	if !inRow(include) {
		n -= 2
	}
	if strings.Count(text, separator) != len(numbers)+n-1 {
		return false
	}
	for _, to := range numbers {
		var number string
		number, text, _ = strings.Cut(text, separator)
		var err error
		if *to, err = strconv.ParseInt(number, 10, 64); err != nil {
			return false
		}
	}
	for _, to := range texts[:n] {
		*to, text, _ = strings.Cut(text, separator)
	}
	return true
}
