package delivery

import "context"

// The checks of single records are tested by themselves.
var (
	CheckSPF = checkSPF
	JudgeKey = judgeKey
)

// CheckDMARC is checkDMARC with what a mail proves.
func CheckDMARC(ctx context.Context, dns Resolver, domain string, dkim, spf bool) Finding {
	return checkDMARC(ctx, dns, domain, aligned{dkim: dkim, spf: spf})
}
