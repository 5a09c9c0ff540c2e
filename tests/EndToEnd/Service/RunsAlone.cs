// Each test runs a whole service, and counts are of the process: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
