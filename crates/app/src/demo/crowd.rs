//! Many small writes at once share a sync; too many at once only wait.

use super::school::Error;
use tokio::task::JoinSet;

#[derive(Default)]
pub struct Crowd(JoinSet<Result<(), Error>>);

impl Crowd {
    const WIDE: usize = 96;

    /// Starts it as soon as there is room.
    pub async fn start<F>(&mut self, work: F) -> Result<(), Error>
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        while self.0.len() >= Self::WIDE {
            self.next().await?;
        }
        self.0.spawn(work);
        Ok(())
    }

    /// Waits for the rest.
    pub async fn end(mut self) -> Result<(), Error> {
        while !self.0.is_empty() {
            self.next().await?;
        }
        Ok(())
    }

    async fn next(&mut self) -> Result<(), Error> {
        match self.0.join_next().await {
            Some(done) => done?,
            None => Ok(()),
        }
    }
}
