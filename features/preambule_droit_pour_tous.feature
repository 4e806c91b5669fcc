# language: fr
Fonctionnalité: Préambule — l'orientation est un droit pour tous
  Toute personne, quelle que soit sa situation, reçoit une réponse neutre, expliquée et sourcée.

  @engagement-droit-pour-tous
  Règle: Chaque public nommé par la charte reçoit une réponse

    Plan du scénario: Les publics de la charte
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors une structure est proposée
      Et la personne fait partie du public <public>
      Et chaque raison cite une règle et une source

      Exemples:
        | personne                  | public              |
        | élève                     | scolaire            |
        | étudiant                  | etudiant            |
        | apprenti                  | apprenti            |
        | stagiaire de la formation | stagiaire-formation |
        | salarié                   | salarie             |
        | indépendant               | independant         |
        | agent public              | agent-public        |
        | demandeur d'emploi        | demandeur-emploi    |
        | bénévole                  | benevole            |
        | retraité                  | retraite            |
        | sans activité             | sans-activite       |
        | salarié                   | actif-occupe        |
        | apprenti                  | actif-occupe        |
        | indépendant               | actif-occupe        |

    Scénario: Une situation vide reçoit aussi une réponse
      Étant donné une personne dont rien n'est dit
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est m2end
      Et chaque raison cite une règle et une source

    Scénario: Plusieurs statuts à la fois
      Étant donné la personne : étudiant, salarié
      Quand l'agent demande vers qui l'orienter
      Alors la personne fait partie du public etudiant
      Et la personne fait partie du public salarie
      Et la première structure est avenir-actifs-cvl

  @engagement-neutralite
  Règle: La réponse est neutre

    Plan du scénario: Aucune tête de réseau n'est proposée, elle ne reçoit pas le public
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> n'est pas proposée

      Exemples:
        | personne                   | structure         |
        | rien n'est dit             | prefecture-cvl    |
        | demandeur d'emploi         | france-travail-cvl |
        | handicap reconnu           | cheops-cvl        |
        | 20 ans, sans activité      | amicentre         |
        | bénévole, demande s-engager | crajep-cvl        |
        | demande creer-entreprise   | cci-cvl           |
        | demande trouver-formation  | gip-alfa          |

    Scénario: L'agent peut demander pourquoi une tête de réseau n'est pas proposée
      Étant donné la personne : handicap reconnu
      Alors à la demande « pourquoi pas cheops-cvl ? » on répond : ne reçoit pas le public
