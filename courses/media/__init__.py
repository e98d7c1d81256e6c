"""Videos and audios of lessons: what an upload may be, its captions, and what a page says of them before they load."""
