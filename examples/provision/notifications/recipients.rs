use async_trait::async_trait;
use scim_client::provision::report::notify::{Notification, Notifier, NotifyError};
use scim_examples::causes::Causes;

/// Several who are told of everything, one after the other, each by the table that names it.
///
/// Who cannot be told is warned of on standard error. As long as one was told, it counts as told:
/// else whoever was told would be told again and again.
#[derive(Default)]
pub(crate) struct Recipients(Vec<(&'static str, Box<dyn Notifier>)>);

impl Recipients {
    /// These and one more.
    #[must_use]
    pub(super) fn with(mut self, table: &'static str, notifier: impl Notifier) -> Self {
        self.0.push((table, Box::new(notifier)));
        self
    }
}

#[async_trait]
impl Notifier for Recipients {
    async fn notify(&self, notification: &Notification) -> Result<(), NotifyError> {
        let mut is_told = self.0.is_empty();
        for (table, notifier) in &self.0 {
            match notifier.notify(notification).await {
                Ok(()) => is_told = true,
                Err(error) => eprintln!("warning: `{table}`: {}", Causes::of(&error)),
            }
        }
        if is_told { Ok(()) } else { Err(NotifyError::new("nobody was told")) }
    }
}
