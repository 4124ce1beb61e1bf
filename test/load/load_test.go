// Package load measures the real binary beside the raw engine that it stands
// on, and prints one line of JSON a figure. `make bench` runs it; plain tests
// leave it out.
package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/testdb"
	"kith/test/server"
)

func TestMain(m *testing.M) { server.Main(m) }

// asked reports whether figures are wanted.
func asked() bool { return os.Getenv("KITH_BENCH") == "1" }

// rows is the size of the large import; KITH_BENCH_ROWS makes it smaller for a
// quick look.
func rows() int {
	if n, err := strconv.Atoi(os.Getenv("KITH_BENCH_ROWS")); err == nil && n > 0 {
		return n
	}
	return 1_000_000
}

// figure is one line of the output. Raw is what the engine alone does with
// the same data in the same run; zero where there is no such thing.
type figure struct {
	Name     string  `json:"name"`
	Database string  `json:"database"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Raw      float64 `json:"raw"`
	Target   float64 `json:"target"`
	Met      bool    `json:"met"`
	PeakRSS  int64   `json:"peak_rss_bytes"`
}

// atLeast and atMost say which way a figure's target lies.
type direction bool

const (
	atLeast direction = true
	atMost  direction = false
)

type bench struct {
	t        *testing.T
	database string
	server   *server.Server
	client   server.Client
	list     string
	rawNew   float64 // what the engine alone imports, in rows a second
}

func (b *bench) print(name string, value float64, unit string, raw, target float64, d direction) {
	met := target == 0 || (d == atLeast && value >= target) || (d == atMost && value <= target)
	line, err := json.Marshal(figure{name, b.database, round(value), unit, round(raw), target, met, b.server.PeakRSS()})
	if err != nil {
		b.t.Fatal(err)
	}
	fmt.Fprintln(os.Stdout, string(line))
}

func round(v float64) float64 {
	if v >= 100 {
		return float64(int64(v + 0.5))
	}
	return float64(int64(v*100+0.5)) / 100
}

// targets are those of the design for this machine's size: 2 cores shared
// with the load generator.
type targets struct {
	importNew, importAgain, importBeside float64
	create32, addToList                  float64
}

func TestFigures(t *testing.T) {
	if !asked() {
		t.Skip("figures are measured by `make bench`")
	}
	t.Run("sqlite", func(t *testing.T) {
		measure(t, "sqlite", server.NewPlace(t, ""), targets{50_000, 70_000, 15_000, 6_000, 100_000})
	})
	t.Run("postgres", func(t *testing.T) {
		measure(t, "postgres", server.NewPlace(t, testdb.Postgres(t)), targets{35_000, 40_000, 15_000, 2_600, 60_000})
	})
}

func measure(t *testing.T, database string, p server.Place, want targets) {
	s := server.Start(t, p)
	key := p.Account(t, "ines@example.org", "contact_data account_read")
	b := &bench{t: t, database: database, server: s, client: server.Client{URL: s.URL, Token: key}}
	var lists struct {
		Lists []struct {
			ID string `json:"list_id"`
		} `json:"lists"`
	}
	b.client.Get(t, "/v3/contact_lists", &lists)
	b.list = lists.Lists[0].ID

	b.print("memory when idle", float64(s.RSS())/(1<<20), "MiB", 0, 60, atMost)

	raw := rawCommits(t, p, 32)
	b.creations(8, 0, raw)
	b.creations(32, want.create32, raw)

	file := people(rows(), 0)
	var rawAgain float64
	b.rawNew, rawAgain = rawImport(t, p, rows())
	rate, _ := b.importFile(file)
	b.print("import, new contacts", rate, "rows/s", b.rawNew, want.importNew, atLeast)
	rate, _ = b.importFile(file)
	b.print("import, the same file again", rate, "rows/s", rawAgain, want.importAgain, atLeast)

	for _, limit := range []int{100, 500} {
		rawPages := rawPages(t, p, limit)
		target := 0.0
		if limit == 100 {
			target = 1500
		}
		b.pages(fmt.Sprintf("first page of %d", limit), fmt.Sprintf("/v3/contacts?limit=%d", limit), rawPages, target)
		b.pages(fmt.Sprintf("last page of %d", limit), b.lastPage(limit), rawPages, target)
	}
	more := people(rows()/4, rows())
	b.beside("an import", func() {
		rate, _ := b.importFile(more)
		b.print("import beside API calls", rate, "rows/s", b.rawNew, want.importBeside, atLeast)
	})
	raw = rawJoins(t, p, rows())
	b.print("add to a list", b.addToList("Everybody"), "memberships/s", raw, want.addToList, atLeast)
	b.beside("adding to a list", func() {
		b.print("add to a list beside API calls", b.addToList("Everybody again"), "memberships/s", raw, 0, atLeast)
	})

	s.Stop(t)
	begun := time.Now()
	again := server.Start(t, p)
	b.server = again
	b.print("start to ready on an existing database", float64(time.Since(begun).Milliseconds()), "ms", 0, 300, atMost)
}

// creations posts contacts over so many connections for some seconds.
func (b *bench) creations(conns int, target, raw float64) {
	var n atomic.Int64
	body := func() []byte {
		i := n.Add(1)
		return fmt.Appendf(nil, `{"email_address":{"address":"made%d-%d@example.net","permission_to_send":"implicit"},"first_name":"First%d","last_name":"Last%d","create_source":"Account","list_memberships":["%s"]}`,
			conns, i, i, i, b.list)
	}
	rate, times := b.load(conns, 8*time.Second, func(ctx context.Context, c *http.Client) error {
		return b.once(ctx, c, http.MethodPost, "/v3/contacts", body(), http.StatusCreated)
	})
	b.print(fmt.Sprintf("POST /v3/contacts, %d connections", conns), rate, "calls/s", raw, target, atLeast)
	limit := 0.0
	if conns == 32 {
		limit = 25
	}
	b.print(fmt.Sprintf("POST /v3/contacts, %d connections, p99", conns), ms(percentile(times, 0.99)), "ms", 0, limit, atMost)
}

func (b *bench) pages(name, path string, raw, target float64) {
	rate, times := b.load(8, 5*time.Second, func(ctx context.Context, c *http.Client) error {
		return b.once(ctx, c, http.MethodGet, path, nil, http.StatusOK)
	})
	b.print("GET /v3/contacts, "+name, rate, "pages/s", raw, target, atLeast)
	b.print("GET /v3/contacts, "+name+", p99", ms(percentile(times, 0.99)), "ms", 0, 0, atMost)
}

// lastPage walks to the end once and returns the path of the last full page.
func (b *bench) lastPage(limit int) string {
	path, before := fmt.Sprintf("/v3/contacts?limit=%d", limit), ""
	for path != "" {
		var page struct {
			Links *struct {
				Next struct {
					Href string `json:"href"`
				} `json:"next"`
			} `json:"_links"`
		}
		b.client.Get(b.t, path, &page)
		if page.Links == nil {
			break
		}
		before, path = path, page.Links.Next.Href
	}
	return before
}

// beside reads pages and creates contacts at a steady pace while work is done,
// and tells how long the calls took.
func (b *bench) beside(what string, work func()) {
	ctx, stop := context.WithCancel(b.t.Context())
	defer stop()
	var mu sync.Mutex
	var times []time.Duration
	var wg sync.WaitGroup
	var n atomic.Int64
	for worker := range 4 {
		wg.Go(func() {
			c := &http.Client{Transport: &http.Transport{}}
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				begun := time.Now()
				var err error
				if worker%2 == 0 {
					err = b.once(ctx, c, http.MethodGet, "/v3/contacts?limit=50", nil, http.StatusOK)
				} else {
					err = b.once(ctx, c, http.MethodPost, "/v3/contacts", fmt.Appendf(nil,
						`{"email_address":{"address":"beside%d-%d@example.net"},"create_source":"Account"}`, begun.UnixNano(), n.Add(1)), http.StatusCreated)
				}
				if err != nil {
					if ctx.Err() == nil {
						b.t.Error(err)
					}
					return
				}
				mu.Lock()
				times = append(times, time.Since(begun))
				mu.Unlock()
			}
		})
	}
	work()
	stop()
	wg.Wait()
	b.print("API calls beside "+what+", p99", ms(percentile(times, 0.99)), "ms", 0, 50, atMost)
	b.print("API calls beside "+what, float64(len(times)), "calls", 0, 0, atLeast)
}

// importFile posts a file and waits for its end. The rate counts from the
// first byte of the upload to completed_at being seen.
func (b *bench) importFile(file []byte) (rate float64, took time.Duration) {
	begun := time.Now()
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if err := form.WriteField("list_ids", b.list); err != nil {
		b.t.Fatal(err)
	}
	if _, err := form.CreateFormFile("file", "people.csv"); err != nil {
		b.t.Fatal(err)
	}
	tail := "\r\n--" + form.Boundary() + "--\r\n"
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.client.URL+"/v3/activities/contacts_file_import",
		io.MultiReader(bytes.NewReader(head.Bytes()), bytes.NewReader(file), bytes.NewReader([]byte(tail))))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	status, _, answer := b.client.Do(b.t, req)
	if status != http.StatusCreated {
		b.t.Fatalf("import: status %d: %s", status, answer)
	}
	n := bytes.Count(file, []byte("\n")) - 1
	if done := b.finish(answer); done.Persons != n {
		b.t.Fatalf("the import took %d persons, want %d", done.Persons, n)
	}
	took = time.Since(begun)
	return float64(n) / took.Seconds(), took
}

// load calls from so many connections for a time, and returns calls a second
// and how long each took.
func (b *bench) load(conns int, d time.Duration, call func(context.Context, *http.Client) error) (float64, []time.Duration) {
	ctx := b.t.Context()
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: conns, MaxConnsPerHost: conns, DisableCompression: true}}
	var mu sync.Mutex
	var all []time.Duration
	var wg sync.WaitGroup
	begun := time.Now()
	for range conns {
		wg.Go(func() {
			var mine []time.Duration
			for time.Since(begun) < d {
				at := time.Now()
				if err := call(ctx, c); err != nil {
					b.t.Error(err)
					return
				}
				mine = append(mine, time.Since(at))
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	return float64(len(all)) / time.Since(begun).Seconds(), all
}

func (b *bench) once(ctx context.Context, c *http.Client, method, path string, body []byte, want int) error {
	req, err := http.NewRequestWithContext(ctx, method, b.client.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+b.client.Token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != want {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 500))
		return fmt.Errorf("%s %s: status %d, want %d: %s", method, path, res.StatusCode, want, text)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

func percentile(times []time.Duration, p float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[min(len(times)-1, int(float64(len(times))*p))]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// people is a file of n rows of about 280 bytes, each with an address of its
// own, beginning at person number first.
func people(n, first int) []byte {
	b := make([]byte, 0, n*290+200)
	b = append(b, "email,first_name,last_name,job_title,company_name,home_phone,street,city,state,zip,country,anniversary\n"...)
	for i := first; i < first+n; i++ {
		b = fmt.Appendf(b, "firstname%07d.lastname%07d@subdomain%03d.example.org,Firstname%07d,Lastname%07d-Hyphenated,Head of Department number %07d,\"Company, Incorporated %07d\",+1 202 555 %04d,%d Very Long Street Name Boulevard,Springfield on the Water,Massachusetts,%05d,United States,03/14/%d\n",
			i, i, i%1000, i, i, i, i, i%10000, i%9999, i%99999, 1950+i%70)
	}
	return b
}
