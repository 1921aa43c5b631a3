-- A saved search keeps the ranking of its day, codes of land that isn't public among them where a member asked: who is no member any more is not told it again.
ALTER TABLE saved_match ADD COLUMN scope text NOT NULL DEFAULT 'planner' CHECK (scope IN ('public', 'planner'));
ALTER TABLE saved_match ALTER COLUMN scope DROP DEFAULT;
COMMENT ON COLUMN saved_match.scope IS 'public: ranked by what is public alone; planner: by what members see, for members alone.';
