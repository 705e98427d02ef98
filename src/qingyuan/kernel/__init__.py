"""What every verb needs: actions, ledger, outbox, upload gate, storage, clock and the registries."""
