package problem

import (
	"context"
)

type reportKey struct{}

// WithReport lets report hear of the errors that requests under ctx end with: the log has what a caller is not told.
func WithReport(ctx context.Context, report func(error)) context.Context {
	return context.WithValue(ctx, reportKey{}, report)
}

// Report tells the log of an error.
func Report(ctx context.Context, err error) {
	if report, ok := ctx.Value(reportKey{}).(func(error)); ok {
		report(err)
	}
}
