"""A simulated market: adverts of known truth, and the job board on this machine that serves them."""
