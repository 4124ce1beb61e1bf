package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// erasedHash is what is kept of an address that was erased. That of another
// account is another, so that nothing of one tells about the other.
func (tx *Tx) erasedHash(account id.Account, address email.Address) string {
	mac := hmac.New(sha256.New, tx.erased)
	_ = binary.Write(mac, binary.BigEndian, int64(account)) // a hash takes everything
	mac.Write([]byte(address.Key()))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Erased returns those of the addresses that were erased, and when. It costs
// next to nothing where nobody of the account ever was.
func (tx *Tx) Erased(ctx context.Context, account id.Account, addresses []email.Address) (map[email.Address]time.Time, error) {
	if len(addresses) == 0 {
		return nil, nil
	}
	var any bool
	if err := tx.q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM erased WHERE account_id = $1)`, int64(account)).Scan(&any); err != nil || !any {
		return nil, wrap(err, "ask whether anybody was erased")
	}
	of := make(map[string]email.Address, len(addresses))
	hashes := make([]string, len(addresses))
	for i, a := range addresses {
		hashes[i] = tx.erasedHash(account, a)
		of[hashes[i]] = a
	}
	rows, err := tx.q.Query(ctx, `SELECT e.hash, e.at FROM `+tx.d.Each("$2")+` CROSS JOIN erased AS e
		WHERE e.account_id = $1 AND e.hash = each.value`, int64(account), tx.d.Texts(hashes))
	if err != nil {
		return nil, wrap(err, "look for erased addresses")
	}
	defer rows.Close()
	found := map[email.Address]time.Time{}
	for rows.Next() {
		var (
			hash string
			at   int64
		)
		if err := rows.Scan(&hash, &at); err != nil {
			return nil, wrap(err, "look for erased addresses")
		}
		found[of[hash]] = clock.FromMillis(at)
	}
	return found, wrap(rows.Err(), "look for erased addresses")
}

// EraseContact removes everything about a contact but what names nobody.
func (tx *Tx) EraseContact(ctx context.Context, account id.Account, by change.Origin, w contact.Write) error {
	a, number := int64(account), int64(w.Contact.ID)
	var all []sqldb.Statement
	run := func(sql string, args ...any) { all = append(all, sqldb.Statement{SQL: sql, Args: args}) }
	for _, table := range []string{
		"membership", "tagging", "field_value", "note", "contact_aside", "sms_channel", "sms_history", "ask", "welcome", "send", "event",
	} {
		run(`DELETE FROM `+table+` WHERE account_id = $1 AND contact = $2`, a, number)
	}
	// A mail that is being sent just now stays until that has ended, without
	// anything that leads to the contact.
	const theirs = ` WHERE account_id = $1 AND contact = $2 AND contact <> 0`
	for table, column := range map[string]string{"mail_attempt": "mail", "mail_body": "number"} {
		run(`DELETE FROM `+table+` WHERE account_id = $1 AND `+column+` IN (SELECT number FROM mail`+theirs+`)`, a, number)
	}
	run(`DELETE FROM mail`+theirs+` AND state <> 'sending'`, a, number)
	run(`UPDATE mail SET to_address = '', to_name = '', to_domain = '', subject = '', params = $3, reply = ''`+theirs, a, number, []byte{})
	run(`UPDATE consent SET from_address = '', shown = '' WHERE account_id = $1 AND contact = $2 AND contact <> 0`, a, number)
	if address := w.Contact.Email.Address; !address.IsZero() {
		run(`UPDATE suppression SET address = '', said = '' WHERE account_id = $1 AND address = $2`, a, address.String())
		run(`INSERT INTO erased (account_id, hash, at) VALUES ($1, $2, $3) ON CONFLICT (account_id, hash) DO UPDATE SET at = excluded.at`,
			a, tx.erasedHash(account, address), clock.Millis(tx.now))
	}
	run(`DELETE FROM contact WHERE account_id = $1 AND number = $2`, a, number)
	all = tx.consentStatements(all, account, by, w.Entries)
	all, err := tx.changeStatements(all, account, by, w.Changes)
	if err != nil {
		return err
	}
	_, err = tx.q.ExecAll(ctx, tx.countStatements(all, account, w.Counts))
	return wrap(err, "erase contact %d", number)
}
