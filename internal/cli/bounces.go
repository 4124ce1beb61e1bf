package cli

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kith/internal/app"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

type bouncesCmds struct {
	Key    bounceKeyCmds `cmd:"" help:"Addresses at which mail providers tell of the mail of all accounts."`
	Strays straysCmd     `cmd:"" help:"Show notices that matched no mail."`
}

type bounceKeyCmds struct {
	Create bounceKeyCreateCmd `cmd:"" help:"Make an address, shown once."`
	List   bounceKeyListCmd   `cmd:"" help:"List the addresses, without their secrets."`
	Delete bounceKeyDeleteCmd `cmd:"" help:"End an address."`
}

type bounceKeyCreateCmd struct {
	Provider        string `required:"" enum:"ses,sendgrid,mailgun,postmark" help:"Who tells: ses, sendgrid, mailgun, postmark."`
	VerificationKey string `placeholder:"KEY" help:"What signatures are checked with: SendGrid's public key, Mailgun's webhook signing key; of SES the topic's ARN, which is learned where it is left out."`
	Name            string `help:"Name by which to know it again."`
}

// Help is the command's longer help.
func (bounceKeyCreateCmd) Help() string {
	return `Example:

    kith bounces key create --provider sendgrid --verification-key MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…

Give the address to the provider as that of its webhook. It tells of the mail of every account; an account makes one for its own mail under Settings, Bounces.`
}

// Run makes an address.
func (c bounceKeyCreateCmd) Run(ctx context.Context, r *run) error {
	return r.desk(ctx, func(d *app.Desk) error {
		k, plain, err := d.NoticeKeys.MakeForAll(ctx, c.Provider, c.Name, c.VerificationKey)
		if err != nil {
			return err
		}
		url := d.NoticeURL(k, plain)
		return r.print(map[string]string{"notice_key_id": strconv.FormatInt(int64(k.ID), 10), "url": url}, "%s", url)
	})
}

type bounceKeyListCmd struct{}

// Help is the command's longer help.
func (bounceKeyListCmd) Help() string {
	return `Example:

    kith bounces key list`
}

type listedKey struct {
	ID        string `json:"notice_key_id"`
	Provider  string `json:"provider"`
	Name      string `json:"name"`
	CreatedAt string `json:"created_at"`
	UsedAt    string `json:"used_at,omitempty"`
	RefusedAt string `json:"refused_at,omitempty"`
	Refused   string `json:"refused,omitempty"`
}

// Run lists the addresses.
func (bounceKeyListCmd) Run(ctx context.Context, r *run) error {
	return r.desk(ctx, func(d *app.Desk) error {
		all, err := d.NoticeKeys.ListForAll(ctx)
		if err != nil {
			return err
		}
		listed, lines := make([]listedKey, len(all)), make([]string, len(all))
		for i, k := range all {
			l := listedKey{
				ID: strconv.FormatInt(int64(k.ID), 10), Provider: string(k.Provider), Name: k.Name,
				CreatedAt: moment(k.CreatedAt), UsedAt: moment(k.UsedAt), RefusedAt: moment(k.RefusedAt), Refused: k.Refused,
			}
			listed[i] = l
			lines[i] = l.ID + "  " + l.Provider + "  " + l.Name + "  used " + orNever(l.UsedAt)
			if l.Refused != "" {
				lines[i] += "  refused " + l.RefusedAt + " " + l.Refused
			}
		}
		if len(lines) == 0 {
			lines = []string{"There are none."}
		}
		return r.print(map[string]any{"notice_keys": listed}, "%s", strings.Join(lines, "\n"))
	})
}

type bounceKeyDeleteCmd struct {
	ID string `arg:"" name:"notice-key-id" help:"Which one, as list shows it."`
}

// Help is the command's longer help.
func (bounceKeyDeleteCmd) Help() string {
	return `Example:

    kith bounces key delete 3`
}

// Run ends an address.
func (c bounceKeyDeleteCmd) Run(ctx context.Context, r *run) error {
	number, err := strconv.ParseInt(c.ID, 10, 64)
	if err != nil {
		return fault.ErrNotFound
	}
	return r.desk(ctx, func(d *app.Desk) error {
		if err := d.NoticeKeys.DeleteForAll(ctx, id.NoticeKey(number)); err != nil {
			return err
		}
		return r.print(map[string]string{"notice_key_id": c.ID}, "Nothing is taken at the address any more.")
	})
}

type straysCmd struct {
	Limit int `default:"50" help:"How many to show."`
}

// Help is the command's longer help.
func (straysCmd) Help() string {
	return `Example:

    kith bounces strays --limit 10

Notices about mail that Kith does not know, the newest first: they may be of another program that uses the same relay, of mail that was forgotten, or forged. They are kept for 30 days, 1,000 at most.`
}

type listedStray struct {
	At        string `json:"at"`
	By        string `json:"by"`
	Kind      string `json:"kind,omitempty"`
	Recipient string `json:"recipient,omitempty"`
	MessageID string `json:"message_id,omitempty"`
	Status    string `json:"status,omitempty"`
	Reply     string `json:"reply,omitempty"`
}

// Run shows what matched nothing.
func (c straysCmd) Run(ctx context.Context, r *run) error {
	return r.desk(ctx, func(d *app.Desk) error {
		all, err := d.Notices.Strays(ctx, max(c.Limit, 1))
		if err != nil {
			return err
		}
		listed, lines := make([]listedStray, len(all)), make([]string, len(all))
		for i, s := range all {
			listed[i] = listedStray{
				At: moment(s.At), By: string(s.By), Kind: s.Kind.String(), Recipient: s.Recipient, MessageID: s.MessageID, Status: s.Status, Reply: s.Reply,
			}
			lines[i] = strings.Join([]string{moment(s.At), string(s.By), s.Kind.String(), s.Recipient, s.MessageID, s.Reply}, "  ")
		}
		if len(lines) == 0 {
			lines = []string{"There are none."}
		}
		return r.print(map[string]any{"strays": listed}, "%s", strings.Join(lines, "\n"))
	})
}

// moment is a time as it is printed; empty for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func orNever(s string) string {
	if s == "" {
		return "never"
	}
	return s
}
