package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/delivery"
	"kith/internal/store/sqldb"
)

// Domains returns the store as sender domains see it.
func (s *Store) Domains() delivery.DomainStore { return domains{s} }

type domains struct{ s *Store }

func (d domains) Within(ctx context.Context, fn func(context.Context, delivery.DomainTx) error) error {
	return d.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (d domains) View(ctx context.Context, fn func(context.Context, delivery.DomainTx) error) error {
	return d.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

const (
	domainColumns = `account_id, name, signing, spf_state, spf_says, spf_found, spf_publish,
		dmarc_state, dmarc_says, dmarc_found, dmarc_publish, created_at, checked_at, check_at`
	domainKeyColumns = `domain, selector, algorithm, sealed, record, state, says, found, created_at, retired_at`
)

func scanDomain(rows sqldb.Rows) (d delivery.Domain, err error) {
	var (
		number, created, checked, due             int64
		signing, spf, spfFound, dmarc, dmarcFound string
	)
	err = rows.Scan(&number, &d.Name, &signing, &spf, &d.SPF.Says, &spfFound, &d.SPF.Publish,
		&dmarc, &d.DMARC.Says, &dmarcFound, &d.DMARC.Publish, &created, &checked, &due)
	d.Account, d.Signing = id.Account(number), delivery.Signing(signing)
	d.SPF.State, d.SPF.Found = delivery.State(spf), linesOf(spfFound)
	d.DMARC.State, d.DMARC.Found = delivery.State(dmarc), linesOf(dmarcFound)
	d.CreatedAt, d.CheckedAt, d.NextCheck = clock.FromMillis(created), clock.FromMillis(checked), clock.FromMillis(due)
	return d, err
}

// linesOf is the inverse of joining with line ends.
func linesOf(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// Domains reads an account's sender domains by name, with their keys.
func (tx *Tx) Domains(ctx context.Context, number id.Account) ([]delivery.Domain, error) {
	return tx.domains(ctx, number, "")
}

// Domain reads one sender domain with its keys.
func (tx *Tx) Domain(ctx context.Context, number id.Account, name string) (delivery.Domain, error) {
	if name == "" {
		return delivery.Domain{}, fault.ErrNotFound
	}
	all, err := tx.domains(ctx, number, name)
	if err == nil && len(all) == 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return delivery.Domain{}, wrap(err, "read sender domain %q of account %d", name, number)
	}
	return all[0], nil
}

// domains reads the sender domain of a name, or all where it is empty.
func (tx *Tx) domains(ctx context.Context, number id.Account, name string) ([]delivery.Domain, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT `+domainColumns+` FROM sender_domain
		WHERE account_id = $1 AND ($2 = '' OR name = $2) ORDER BY account_id, name`, int64(number), name)
	if err != nil {
		return nil, wrap(err, "read sender domains of account %d", number)
	}
	all, err := scanAll(rows, scanDomain)
	if err != nil || len(all) == 0 {
		return nil, wrap(err, "read sender domains of account %d", number)
	}
	rows, err = tx.q.Query(ctx, `
		SELECT `+domainKeyColumns+` FROM domain_key
		WHERE account_id = $1 AND ($2 = '' OR domain = $2) ORDER BY created_at DESC, selector`, int64(number), name)
	if err != nil {
		return nil, wrap(err, "read keys of sender domains of account %d", number)
	}
	type keyOf struct {
		domain string
		key    delivery.DomainKey
	}
	keys, err := scanAll(rows, func(rows sqldb.Rows) (k keyOf, err error) {
		var (
			algorithm, state, found string
			created, retired        int64
		)
		err = rows.Scan(&k.domain, &k.key.Selector, &algorithm, &k.key.Sealed, &k.key.Record, &state, &k.key.Says, &found, &created, &retired)
		k.key.Algorithm, k.key.State, k.key.Found = delivery.Algorithm(algorithm), delivery.State(state), linesOf(found)
		k.key.CreatedAt, k.key.RetiredAt = clock.FromMillis(created), clock.FromMillis(retired)
		if k.key.State != delivery.Good {
			k.key.Publish = k.key.Record
		}
		return k, err
	})
	for _, k := range keys {
		if i, ok := slices.BinarySearchFunc(all, k.domain, func(d delivery.Domain, name string) int { return cmp.Compare(d.Name, name) }); ok {
			all[i].Keys = append(all[i].Keys, k.key)
		}
	}
	return all, wrap(err, "read keys of sender domains of account %d", number)
}

// PutDomain writes a sender domain with its keys, whether or not it is there.
func (tx *Tx) PutDomain(ctx context.Context, d delivery.Domain) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO sender_domain (`+domainColumns+`) VALUES (`+marks(1, 14)+`)
		ON CONFLICT (account_id, name) DO UPDATE SET
		  signing = $3, spf_state = $4, spf_says = $5, spf_found = $6, spf_publish = $7,
		  dmarc_state = $8, dmarc_says = $9, dmarc_found = $10, dmarc_publish = $11, checked_at = $13, check_at = $14`,
		int64(d.Account), d.Name, string(d.Signing),
		string(d.SPF.State), d.SPF.Says, strings.Join(d.SPF.Found, "\n"), d.SPF.Publish,
		string(d.DMARC.State), d.DMARC.Says, strings.Join(d.DMARC.Found, "\n"), d.DMARC.Publish,
		clock.Millis(d.CreatedAt), clock.Millis(d.CheckedAt), clock.Millis(d.NextCheck))
	if err == nil {
		_, err = tx.q.Exec(ctx, `DELETE FROM domain_key WHERE account_id = $1 AND domain = $2`, int64(d.Account), d.Name)
	}
	for _, k := range d.Keys {
		if err != nil {
			break
		}
		_, err = tx.q.Exec(ctx, `INSERT INTO domain_key (account_id, `+domainKeyColumns+`) VALUES (`+marks(1, 11)+`)`,
			int64(d.Account), d.Name, k.Selector, string(k.Algorithm), k.Sealed, k.Record,
			string(k.State), k.Says, strings.Join(k.Found, "\n"), clock.Millis(k.CreatedAt), clock.Millis(k.RetiredAt))
	}
	return wrap(err, "write sender domain %s of account %d", d.Name, d.Account)
}

// DropDomain forgets a sender domain with its keys, and says whether it was
// there.
func (tx *Tx) DropDomain(ctx context.Context, number id.Account, name string) (bool, error) {
	n, err := tx.q.Exec(ctx, `DELETE FROM sender_domain WHERE account_id = $1 AND name = $2`, int64(number), name)
	return n == 1, wrap(err, "forget sender domain %q of account %d", name, number)
}

// DueDomains reads the sender domains whose check is due, without their keys.
func (tx *Tx) DueDomains(ctx context.Context, limit int) ([]delivery.Domain, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT `+domainColumns+` FROM sender_domain WHERE check_at <= $1 ORDER BY check_at, account_id, name LIMIT $2`,
		clock.Millis(tx.now), limit)
	if err != nil {
		return nil, wrap(err, "look for sender domains to check")
	}
	all, err := scanAll(rows, scanDomain)
	return all, wrap(err, "look for sender domains to check")
}

// IllDomains counts the sender domains of all accounts, and reads up to limit
// of those that were checked and whose records are not all in order, with
// their keys.
func (s *Store) IllDomains(ctx context.Context, limit int) (ill []delivery.Domain, all int, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		ill = nil
		if err := tx.q.QueryRow(ctx, `SELECT count(*) FROM sender_domain`).Scan(&all); err != nil {
			return wrap(err, "count sender domains")
		}
		rows, err := tx.q.Query(ctx, `
			SELECT `+domainColumns+` FROM sender_domain WHERE checked_at > 0 AND (spf_state <> 'good' OR dmarc_state <> 'good'
			  OR EXISTS (SELECT 1 FROM domain_key k WHERE k.account_id = sender_domain.account_id AND k.domain = sender_domain.name
			    AND k.state <> 'good' AND k.retired_at = 0))
			ORDER BY account_id, name LIMIT $1`, limit)
		if err != nil {
			return wrap(err, "look for sender domains without their records")
		}
		found, err := scanAll(rows, scanDomain)
		if err != nil {
			return err
		}
		for _, d := range found {
			whole, err := tx.Domain(ctx, d.Account, d.Name)
			if err != nil {
				return err
			}
			ill = append(ill, whole)
		}
		return nil
	})
	return ill, all, err
}
