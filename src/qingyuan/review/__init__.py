"""Review: form check, experts, draws, assessment, site visits, the joint decision and its papers, at both levels."""
