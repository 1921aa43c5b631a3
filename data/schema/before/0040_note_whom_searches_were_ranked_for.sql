-- A saved search keeps the ranking of its day, codes of land that isn't public among them where a member asked: who is no member any more is not told it again.
ALTER TABLE saved_match ADD COLUMN ranked_for text NOT NULL DEFAULT 'members' CHECK (ranked_for IN ('public', 'members'));
ALTER TABLE saved_match ALTER COLUMN ranked_for DROP DEFAULT;
COMMENT ON COLUMN saved_match.ranked_for IS 'public: ranked by what is public alone; members: by what they see, for them alone.';
