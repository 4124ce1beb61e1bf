package notice_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/edge/notice"
	"kith/internal/edge/respond"
	"kith/internal/store/storetest"
)

// happened is when what the fixtures tell happened.
var happened = time.Date(2026, 3, 1, 11, 59, 30, 0, time.UTC)

// desk is a handler with what a test needs beside it.
type desk struct {
	*storetest.World
	keys    *delivery.NoticeKeys
	handler *notice.Handler
	owner   account.Actor
	amazon  *amazon

	mu      sync.Mutex
	taken   []delivery.Notice
	of      id.Account
	fails   error // what Take answers
	refused []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{World: storetest.SQLite(t), amazon: newAmazon(t)}
	d.owner = account.Actor{Account: d.Account(t, "Mine").ID, User: 1, Role: account.Owner, Via: account.ViaWeb}
	d.keys = delivery.NewNoticeKeys(d.NoticeKeys(), secret.New().Box(secret.NoticeKeys))
	d.handler = notice.New(notice.Options{
		Judge: d, Keys: d.keys, Amazon: d.amazon,
		Refuse: func(w http.ResponseWriter, _ *http.Request, err error) {
			f := fault.Of(err)
			http.Error(w, f.Code, respond.Status(f))
		},
		Refused: func(by delivery.Teller, code string) { d.refused = append(d.refused, string(by)+" "+code) },
	})
	return d
}

func (d *desk) Take(_ context.Context, _ delivery.Teller, only id.Account, all []delivery.Notice) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails != nil {
		return d.fails
	}
	d.of = only
	d.taken = append(d.taken, all...)
	return nil
}

// key makes a key and returns the address at which it is told.
func (d *desk) key(t *testing.T, provider delivery.Teller, verify string) string {
	t.Helper()
	_, plain, err := d.keys.Make(t.Context(), d.owner, string(provider), "", verify, nil)
	if err != nil {
		t.Fatal(err)
	}
	return notice.Prefix + "/" + string(provider) + "/" + plain
}

// tell posts a body and returns the status, and the code of a refusal.
func (d *desk) tell(t *testing.T, address string, h http.Header, body []byte) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if h != nil {
		r.Header = h
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Code, strings.TrimSpace(w.Body.String())
}

// accepts posts what must be taken, and returns the notices.
func (d *desk) accepts(t *testing.T, address string, h http.Header, body []byte) []delivery.Notice {
	t.Helper()
	d.taken = nil
	if status, said := d.tell(t, address, h, body); status != http.StatusOK {
		t.Fatalf("answered %d %s", status, said)
	}
	return d.taken
}

// refuses posts what must be refused for a reason, and taken in no part.
func (d *desk) refuses(t *testing.T, what, address string, h http.Header, body []byte, status int, code fault.Code) {
	t.Helper()
	d.taken = nil
	if got, said := d.tell(t, address, h, body); got != status || said != string(code) {
		t.Errorf("%s: answered %d %s, want %d %s", what, got, said, status, code)
	}
	if len(d.taken) > 0 {
		t.Errorf("%s: %d notices were taken", what, len(d.taken))
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// hard is the bounce that most fixtures tell.
func hard(reporter, reply string) delivery.Notice {
	return delivery.Notice{
		Kind: delivery.Bounced, Cause: delivery.NoAddress, Recipient: "ada@example.org", MessageID: "0190-7@kith.example",
		Status: delivery.Status{Class: 5, Subject: 1, Detail: 1}, Reply: reply, Reporter: reporter, At: happened,
	}
}

func same(t *testing.T, got, want []delivery.Notice) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notices differ (-want +got):\n%s", diff)
	}
}

// sendGrid signs as SendGrid does.
func sendGrid(t testing.TB, key *ecdsa.PrivateKey, at time.Time, body []byte) http.Header {
	t.Helper()
	stamp := strconv.FormatInt(at.Unix(), 10)
	sum := sha256.Sum256(append([]byte(stamp), body...))
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{
		"X-Twilio-Email-Event-Webhook-Signature": {base64.StdEncoding.EncodeToString(signature)},
		"X-Twilio-Email-Event-Webhook-Timestamp": {stamp},
	}
}

func newECDSA(t testing.TB) (*ecdsa.PrivateKey, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return key, base64.StdEncoding.EncodeToString(der)
}

func TestSendGrid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	key, public := newECDSA(t)
	address, body := d.key(t, delivery.TellerSendGrid, public), fixture(t, "sendgrid.json")
	signed := sendGrid(t, key, d.Clock.Now(), body)
	got := d.accepts(t, address, signed, body)
	if d.of != d.owner.Account {
		t.Errorf("told of account %d, want %d", d.of, d.owner.Account)
	}
	at := func(n delivery.Notice, who string, number string) delivery.Notice {
		n.Recipient, n.MessageID, n.Reporter, n.At = who, "0190-"+number+"@kith.example", "SendGrid", happened
		return n
	}
	first := hard("SendGrid", "550 5.1.1 nobody here")
	first.Status = delivery.Status{Class: 5} // as SendGrid gives it
	same(t, got, []delivery.Notice{
		first,
		at(delivery.Notice{Kind: delivery.Bounced, Cause: delivery.Blocked, Status: delivery.Status{Class: 5, Subject: 7, Detail: 1}, Reply: "550 5.7.1 listed"}, "bob@example.org", "8"),
		at(delivery.Notice{Kind: delivery.Delayed, Cause: delivery.Full, Status: delivery.Status{Class: 4, Subject: 2, Detail: 2}, Reply: "452 4.2.2 mailbox full"}, "cy@example.org", "9"),
		at(delivery.Notice{Kind: delivery.Arrived, Status: delivery.Status{Class: 2}, Reply: "250 2.0.0 ok"}, "di@example.org", "10"),
		at(delivery.Notice{Kind: delivery.Complained}, "ed@example.org", "11"),
		at(delivery.Notice{Kind: delivery.OptedOut}, "fy@example.org", "12"),
	})
	d.refuses(t, "told twice", address, signed, body, http.StatusConflict, fault.CodeNoticeReplayed)
	d.refuses(t, "signed once more", address, sendGrid(t, key, d.Clock.Now(), body), body, http.StatusConflict, fault.CodeNoticeReplayed)
	other := []byte(strings.Replace(string(body), "ada@", "eve@", 1))
	d.refuses(t, "another body", address, signed, other, http.StatusForbidden, fault.CodeNoticeForged)
	d.refuses(t, "unsigned", address, nil, body, http.StatusForbidden, fault.CodeNoticeForged)
	stranger, _ := newECDSA(t)
	d.refuses(t, "another key", address, sendGrid(t, stranger, d.Clock.Now(), other), other, http.StatusForbidden, fault.CodeNoticeForged)
	d.refuses(t, "two days ago", address, sendGrid(t, key, d.Clock.Now().Add(-48*time.Hour), other), other, http.StatusBadRequest, fault.CodeNoticeOld)
	d.refuses(t, "tomorrow", address, sendGrid(t, key, d.Clock.Now().Add(24*time.Hour), other), other, http.StatusBadRequest, fault.CodeNoticeOld)
	d.refuses(t, "no events", address, sendGrid(t, key, d.Clock.Now(), []byte(`{"a":`)), []byte(`{"a":`), http.StatusBadRequest, fault.CodeMalformed)
	if len(d.refused) != 8 {
		t.Errorf("counted %v", d.refused)
	}
	all, err := d.keys.List(t.Context(), d.owner)
	if err != nil || len(all) != 1 || !all[0].UsedAt.Equal(d.Clock.Now()) || all[0].Refused != string(fault.CodeMalformed) || all[0].Verify != "" {
		t.Errorf("the key tells %+v, %v", all, err)
	}
}

// mailgun signs an event as Mailgun does.
func mailgun(key, token string, at time.Time, event []byte) []byte {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(stamp + token))
	return []byte(`{"signature":{"timestamp":"` + stamp + `","token":"` + token + `","signature":"` + hex.EncodeToString(mac.Sum(nil)) + `"},"event-data":` + string(event) + `}`)
}

func TestMailgun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const key = "a key of Mailgun's own"
	address, failed := d.key(t, delivery.TellerMailgun, key), fixture(t, "mailgun-failed.json")
	now := d.Clock.Now()
	want := hard("Mailgun", "550 5.1.1 no such user")
	want.At = happened.Add(250 * time.Millisecond)
	same(t, d.accepts(t, address, nil, mailgun(key, "one", now, failed)), []delivery.Notice{want})
	complaint := delivery.Notice{Kind: delivery.Complained, Recipient: want.Recipient, MessageID: want.MessageID, Reporter: "Mailgun", At: want.At}
	same(t, d.accepts(t, address, nil, mailgun(key, "two", now, fixture(t, "mailgun-complained.json"))), []delivery.Notice{complaint})
	d.refuses(t, "a token used twice", address, nil, mailgun(key, "one", now, failed), http.StatusConflict, fault.CodeNoticeReplayed)
	d.refuses(t, "another key", address, nil, mailgun("another key, by somebody", "three", now, failed), http.StatusForbidden, fault.CodeNoticeForged)
	d.refuses(t, "two days ago", address, nil, mailgun(key, "four", now.Add(-48*time.Hour), failed), http.StatusBadRequest, fault.CodeNoticeOld)
	d.refuses(t, "unsigned", address, nil, []byte(`{"event-data":`+string(failed)+`}`), http.StatusForbidden, fault.CodeNoticeForged)
	for change, event := range map[string]string{
		`"severity":"temporary"`:            "delayed",
		`"reason":"suppress-bounce"`:        "bounced",
		`"reason":"suppress-complaint"`:     "",
		`"event":"opened"`:                  "",
		`"event":"unsubscribed"`:            "opted_out",
		`"event":"delivered"`:               "arrived",
		`"delivery-status":null,"x":"none"`: "bounced",
	} {
		name, _, _ := strings.Cut(change, ":")
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(failed, &fields); err != nil {
			t.Fatal(err)
		}
		var put map[string]json.RawMessage
		if err := json.Unmarshal([]byte("{"+change+"}"), &put); err != nil {
			t.Fatal(err)
		}
		maps.Copy(fields, put)
		body, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		var kind string
		if got := d.accepts(t, address, nil, mailgun(key, hex.EncodeToString([]byte(change)), now, body)); len(got) == 1 {
			kind = got[0].Kind.String()
		}
		if kind != event {
			t.Errorf("%s %s: %q, want %q", name, change, kind, event)
		}
	}
}

func TestPostmark(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	address := d.key(t, delivery.TellerPostmark, "")
	want := hard("Postmark", "smtp;550 5.1.1 nobody")
	want.MessageID, want.Mark = "", "mark"
	same(t, d.accepts(t, address, nil, fixture(t, "postmark-bounce.json")), []delivery.Notice{want})
	complaint := delivery.Notice{Kind: delivery.Complained, Recipient: want.Recipient, Mark: "mark", Reporter: "Postmark", At: happened}
	same(t, d.accepts(t, address, nil, fixture(t, "postmark-complaint.json")), []delivery.Notice{complaint})
	for kind, want := range map[string]string{
		"SoftBounce": "bounced", "DnsError": "bounced", "Blocked": "bounced", "Transient": "delayed", "AutoResponder": "answered",
		"Unsubscribe": "opted_out", "Subscribe": "", "SMTPApiError": "",
	} {
		body := strings.Replace(string(fixture(t, "postmark-bounce.json")), "HardBounce", kind, 1)
		var got string
		if all := d.accepts(t, address, nil, []byte(body)); len(all) == 1 {
			got = all[0].Kind.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	d.refuses(t, "no JSON", address, nil, []byte("hello"), http.StatusBadRequest, fault.CodeMalformed)
}

// amazon is an SNS of ours: it signs, and has its certificate to fetch.
type amazon struct {
	key  *rsa.PrivateKey
	cert []byte

	mu    sync.Mutex
	asked []string
	down  bool
}

const certURL = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-7.pem"

func newAmazon(t testing.TB) *amazon {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sns.amazonaws.com"},
		NotBefore: storetest.Start.Add(-time.Hour), NotAfter: storetest.Start.Add(30 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &amazon{key: key, cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

func (a *amazon) Get(_ context.Context, address string) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, address)
	if a.down {
		return nil, errors.New("no route to host")
	}
	return a.cert, nil
}

// message is what SNS posts; changes are made after it was signed.
func (a *amazon) message(t testing.TB, m map[string]string, changes ...string) []byte {
	t.Helper()
	all := map[string]string{
		"Type": "Notification", "TopicArn": "arn:aws:sns:eu-central-1:1:bounces", "Timestamp": storetest.Start.Format("2006-01-02T15:04:05.000Z"),
		"SignatureVersion": "2", "SigningCertURL": certURL,
	}
	maps.Copy(all, m)
	names := []string{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
	if all["Type"] == "SubscriptionConfirmation" {
		names = []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
	}
	var text strings.Builder
	for _, n := range names {
		if value, ok := all[n]; ok {
			text.WriteString(n + "\n" + value + "\n")
		}
	}
	h, sum := crypto.SHA256, sha256.New()
	if all["SignatureVersion"] == "1" {
		h, sum = crypto.SHA1, sha1.New()
	}
	sum.Write([]byte(text.String()))
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, h, sum.Sum(nil))
	if err != nil {
		t.Fatal(err)
	}
	all["Signature"] = base64.StdEncoding.EncodeToString(signature)
	for i := 0; i+1 < len(changes); i += 2 {
		all[changes[i]] = changes[i+1]
	}
	body, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestSES(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	address := d.key(t, delivery.TellerSES, "")
	sign := func(m map[string]string, changes ...string) []byte { return d.amazon.message(t, m, changes...) }
	bounce := string(fixture(t, "ses-bounce.json"))

	const subscribe = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
	confirmation := map[string]string{"Type": "SubscriptionConfirmation", "MessageId": "s1", "Message": "Do you?", "Token": "t", "SubscribeURL": subscribe}
	if got := d.accepts(t, address, nil, sign(confirmation)); len(got) != 0 || !slices.Equal(d.amazon.asked, []string{certURL, subscribe}) {
		t.Errorf("a confirmation told %v and asked for %v", got, d.amazon.asked)
	}
	for _, elsewhere := range []string{
		"https://sns.example.com/?x", "http://sns.eu-central-1.amazonaws.com/?x", "https://sns.eu-central-1.amazonaws.com.example.org/",
		"https://u@sns.eu-central-1.amazonaws.com/", "https://s3.amazonaws.com/x.pem", "https://sns.eu-central-1.amazonaws.com:8443/", "",
	} {
		confirmation["SubscribeURL"] = elsewhere
		d.refuses(t, "a confirmation at "+elsewhere, address, nil, sign(confirmation), http.StatusForbidden, fault.CodeNoticeForged)
		d.refuses(t, "a certificate at "+elsewhere, address, nil, sign(map[string]string{"MessageId": "c", "Message": bounce, "SigningCertURL": elsewhere}), http.StatusForbidden, fault.CodeNoticeForged)
	}

	want := hard("dsn; a8-50.smtp-out.example", "smtp; 550 5.1.1 user unknown")
	want.Sent = "bounces+mark@mail.example.org"
	for _, version := range []string{"1", "2"} {
		m := map[string]string{"MessageId": "b" + version, "Message": bounce, "SignatureVersion": version}
		same(t, d.accepts(t, address, nil, sign(m)), []delivery.Notice{want})
		d.refuses(t, "the same again", address, nil, sign(m), http.StatusConflict, fault.CodeNoticeReplayed)
	}
	m := map[string]string{"MessageId": "x", "Message": bounce, "Subject": "Bounce"}
	for _, change := range [][]string{
		{"Message", strings.Replace(bounce, "ada", "eve", 1)},
		{"TopicArn", "arn:aws:sns:eu-central-1:1:other"},
		{"Signature", "AAAA"},
		{"Signature", "~"},
		{"SignatureVersion", "1"},
		{"SignatureVersion", "3"},
		{"Type", "Other"},
		{"MessageId", ""},
		{"Subject", "Another"},
	} {
		d.refuses(t, strings.Join(change, " "), address, nil, sign(m, change...), http.StatusForbidden, fault.CodeNoticeForged)
	}
	// Signed by Amazon, for somebody else's topic.
	m["TopicArn"] = "arn:aws:sns:eu-central-1:2:another"
	d.refuses(t, "another topic", address, nil, sign(m), http.StatusForbidden, fault.CodeNoticeForged)
	old := map[string]string{"MessageId": "old", "Message": bounce, "Timestamp": storetest.Start.Add(-25 * time.Hour).Format(time.RFC3339)}
	d.refuses(t, "yesterday, before the certificate", d.key(t, delivery.TellerSES, ""), nil, sign(old), http.StatusBadRequest, fault.CodeNoticeOld)

	for name, kind := range map[string]delivery.Kind{"ses-full.json": delivery.Bounced, "ses-complaint.json": delivery.Complained, "ses-delivery.json": delivery.Arrived} {
		got := d.accepts(t, address, nil, sign(map[string]string{"MessageId": name, "Message": string(fixture(t, name))}))
		if len(got) != 1 || got[0].Kind != kind || got[0].MessageID != "0190-7@kith.example" || got[0].Recipient != "ada@example.org" || !got[0].At.Equal(happened) {
			t.Errorf("%s tells %+v", name, got)
		}
		if kind == delivery.Bounced && got[0].Cause != delivery.Full {
			t.Errorf("%s: %c", name, got[0].Cause)
		}
	}
	if got := d.accepts(t, address, nil, sign(map[string]string{"MessageId": "word", "Message": "Successfully validated SNS topic"})); len(got) != 0 {
		t.Errorf("a word of Amazon's told %v", got)
	}
	down := newDesk(t)
	down.amazon.down = true
	down.refuses(t, "Amazon cannot be asked", down.key(t, delivery.TellerSES, ""), nil, down.amazon.message(t, map[string]string{"MessageId": "d", "Message": bounce}), http.StatusServiceUnavailable, fault.CodeUnavailable)
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	address, bounce := d.key(t, delivery.TellerPostmark, ""), fixture(t, "postmark-bounce.json")
	d.refuses(t, "a wrong secret", address[:len(address)-1], nil, bounce, http.StatusNotFound, fault.CodeNotFound)
	d.refuses(t, "another provider's", strings.Replace(address, "postmark", "mailgun", 1), nil, bounce, http.StatusNotFound, fault.CodeNotFound)
	for _, path := range []string{"", "/", "/postmark", "/postmark/", "/sparkpost/abc", "/postmark/a/b"} {
		d.refuses(t, path, notice.Prefix+path, nil, bounce, http.StatusNotFound, fault.CodeRoute)
	}
	d.refuses(t, "too large", address, nil, bytes.Repeat([]byte(" "), 8<<20+1), http.StatusBadRequest+13, fault.CodeTooLarge)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost {
		t.Errorf("GET: %d", w.Code)
	}
	// What could not be kept is told again, and then taken.
	key, public := newECDSA(t)
	again := d.key(t, delivery.TellerSendGrid, public)
	body := fixture(t, "sendgrid.json")
	signed := sendGrid(t, key, d.Clock.Now(), body)
	d.fails = fault.ErrUnavailable
	d.refuses(t, "the database is gone", again, signed, body, http.StatusServiceUnavailable, fault.CodeUnavailable)
	d.fails = nil
	d.accepts(t, again, signed, body)

	all, err := d.keys.List(t.Context(), d.owner)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	if err := d.keys.Delete(t.Context(), d.owner, all[1].ID); err != nil {
		t.Fatal(err)
	}
	d.refuses(t, "deleted", address, nil, bounce, http.StatusNotFound, fault.CodeNotFound)
}
